/** Such as '€19.20'. */
export function formatMoney(money: {
  readonly amount: number;
  readonly currency: string;
}): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: money.currency,
  }).format(money.amount);
}
