// Practice: only ordering questions need a script. Nothing is saved, not even a draft.
import { prepareOrderings } from "./ordering.js";

prepareOrderings(document);
