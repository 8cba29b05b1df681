// Tells the server the browser's zone, for people who chose none in their settings; the next page shows its times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if ("askZone" in document.body.dataset && zone && !document.cookie.includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
