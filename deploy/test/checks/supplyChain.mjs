export function checks() {
  return {};
}
