// Sends the browser's time zone to the server if the person has not chosen one; the next page uses it.
if ("askZone" in document.body.dataset) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone; // slow on a phone
  if (zone && !document.cookie.includes(`zone=${zone}`)) {
    const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
    document.cookie = `${prefix}zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
  }
}
