// A learner who has just enrolled arrives at a listing. The message about it moves there, and one press runs the listing.
export function arrive(message, listing) {
  listing.before(message);
  listing.dataset.first = ""; // the run that follows is the reader's first in the course
  const go = listing.querySelector("[data-go]");
  const begin = () => {
    message.scrollIntoView();
    go?.focus({ preventScroll: true });
  };
  begin();
  // The browser goes to the listing once or twice more, and each time takes the focus away.
  for (const pause of [100, 500, 1000]) setTimeout(() => document.activeElement === document.body && begin(), pause);
}
