import type { NavNode } from '../site/Navigation';
import { NavigationRenderer } from './renderNavigation';

function sections(count: number, pages: number): NavNode[] {
  return Array.from({ length: count }, (_, section) => ({
    title: `Section ${section}`,
    children: Array.from({ length: pages }, (__, page) => ({
      title: `Page ${section}.${page}`,
      page: `s${section}/p${page}.md`,
      url: `s${section}/p${page}/`,
    })),
  }));
}

describe('NavigationRenderer', () => {
  it('lists a site whole, with the page marked and its section open', () => {
    const html = new NavigationRenderer(sections(3, 4), 'Site').render(
      's1/p2.md',
      '../../',
    );
    expect(html.match(/>Page \d\.\d</g)).toHaveLength(12);
    expect(html.match(/aria-current="page"/g)).toHaveLength(1);
    expect(html.match(/aria-expanded="true"/g)).toHaveLength(1);
  });

  it('lists of a very large site the own section, and a link to every other', () => {
    const renderer = new NavigationRenderer(sections(100, 20), 'Site');
    const html = renderer.render('s7/p3.md', '../../');
    expect(html.match(/>Page 7\.\d+</g)).toHaveLength(20);
    expect(html).not.toContain('Page 8.1<');
    expect(html).toContain('href="../../s8/p0/"');
    expect(html.match(/aria-current="page"/g)).toHaveLength(1);
    // The first page of the section is its own entry there
    expect(renderer.render('s8/p0.md', '../../')).toContain('>Page 8.0<');
    expect(renderer.render('unlisted.md', '../')).not.toContain('Page ');
  });
});
