// The tall kiosk.

import { TALL } from "./pages";
import { everyScreenIsSound, windowOf } from "./sound";

everyScreenIsSound(windowOf(TALL));
