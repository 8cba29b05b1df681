// Returns when an exam ends, as the server writes it: "12:04:31" if that is on the day of `now`, else "28 Nov, 12:04".
export function endText(end, now, zone) {
  const written = (instant, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(instant);
  const day = (instant) => written(instant, { day: "numeric", month: "short" });
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return day(end) === day(now) ? written(end, { ...clock, second: "2-digit" }) : `${day(end)}, ${written(end, clock)}`;
}
