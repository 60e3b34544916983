// The wide screen.

import { WIDE } from "./pages";
import { everyScreenIsSound, windowOf } from "./sound";

everyScreenIsSound(windowOf(WIDE));
