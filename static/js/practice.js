// Practice: only ordering questions need a script. Nothing is saved, so there is no draft.
import { prepareOrderings } from "./ordering.js";

prepareOrderings(document);
