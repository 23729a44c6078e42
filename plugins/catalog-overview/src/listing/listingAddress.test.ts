import {
  convertStockAddress,
  countFilters,
  readListingView,
  toListingQuery,
  writeListingView,
} from './listingAddress';

const addressOf = (address: string) =>
  writeListingView(readListingView(new URLSearchParams(address))).toString();

describe('the address of the index', () => {
  it('says what is shown, and nothing more', () => {
    for (const address of [
      '',
      'kind=api&q=order&owner=group%3Adefault%2Forders&owner=%28none%29&tag=java',
      'docs=no&problems=yes&starred=yes&sort=tier&order=desc&page=3',
    ]) {
      expect(addressOf(address)).toBe(address);
    }
    expect(
      addressOf('kind=Component&sort=name&order=asc&page=1&q=&owner='),
    ).toBe('');
  });

  it('takes what nobody meant as nothing', () => {
    expect(
      addressOf(
        'page=-4&sort=constructor&order=x&docs=maybe&problems=1&tag=a&tag=a',
      ),
    ).toBe('tag=a');
  });

  it('is asked of the server in pages', () => {
    const view = readListingView(
      new URLSearchParams('kind=all&page=3&starred=yes&tier=1'),
    );
    expect(countFilters(view)).toBe(2);
    expect(toListingQuery(view, ['component:default/a'])).toEqual({
      tier: ['1'],
      entityRef: ['component:default/a'],
      sort: 'name',
      order: 'asc',
      limit: 25,
      offset: 50,
    });
  });

  it('understands links to the stock index', () => {
    const convert = (address: string) =>
      convertStockAddress(new URLSearchParams(address))?.toString();
    expect(convert('kind=api')).toBeUndefined();
    expect(convert('filters[kind]=component&filters[user]=all')).toBe('');
    expect(convert('filters[kind]=API&filters[user]=starred')).toBe(
      'kind=api&starred=yes',
    );
    expect(convert('filters[user]=owned&filters[type]=all')).toBe(
      'owner=%28mine%29',
    );
    expect(
      convert(
        'filters[owners]=orders&filters[owners][1]=user:default/maya&filters[lifecycles][]=Production&filters[tags]=java&filters[text]=shop&filters[type]=service',
      ),
    ).toBe(
      'q=shop&type=service&owner=group%3Adefault%2Forders&owner=user%3Adefault%2Fmaya&lifecycle=production&tag=java',
    );
  });
});
