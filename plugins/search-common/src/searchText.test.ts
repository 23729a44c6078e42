import { findMatches } from './findMatches';
import { compactText, splitQuestion, splitWords } from './searchText';

describe('the words of a text', () => {
  it.each([
    ['order-service', ['order', 'service']],
    ['orderService', ['orderservice', 'order', 'service']],
    ['HTTPServer', ['httpserver', 'http', 'server']],
    ['order_service.v2', ['order', 'service', 'v2']],
    ['Tomás Herrera', ['tomas', 'herrera']],
    ['POST /orders/{orderId}', ['post', 'orders', 'orderid', 'order', 'id']],
    ['日本 Ⅳ', ['日本', 'iv']],
    ["'; drop table x; -- \0", ['drop', 'table', 'x']],
    ['', []],
  ])('%p', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('are the same however a name is written', () => {
    for (const name of ['order-service', 'orderService', 'Order Service']) {
      expect(compactText(name)).toBe('orderservice');
    }
    expect(splitQuestion('orderServ')).toEqual(['order', 'serv']);
  });

  it('of a hostile text are few', () => {
    expect(splitQuestion('a b '.repeat(2_500))).toEqual(['a', 'b']);
    expect(splitQuestion(`${'x'.repeat(10_000)}`)[0]).toHaveLength(64);
    expect(splitWords('(a+)+$ '.repeat(2_000))).toEqual(['a']);
  });
});

describe('matches', () => {
  const marked = (text: string, question: string) =>
    findMatches(text, question).map(({ start, end }) => text.slice(start, end));

  it.each([
    ['order-service', 'order-serv', ['order-serv']],
    ['order-service', 'orderserv', ['order-serv']],
    ['order-service', 'service order', ['order-service']],
    ['orders: an order', 'order', ['order', 'order']],
    ['reorder', 'order', ['order']],
    ['orderService', 'serv', ['Serv']],
    ['Tomás Herrera', 'tomas', ['Tomás']],
    ['Toma\u0301s', 'tomas', ['Toma\u0301s']],
    ['POST /orders', 'POST /orders', ['POST /orders']],
    ['Roll back a release', 'release roll', ['Roll', 'release']],
    ['<b>x</b>', '<script>', []],
    ['order', '', []],
  ])('%p for %p', (text, question, parts) => {
    expect(marked(text, question)).toEqual(parts);
  });
});
