// The smallest screen.

import { SMALL } from "./pages";
import { everyScreenIsSound, windowOf } from "./sound";

everyScreenIsSound(windowOf(SMALL));
