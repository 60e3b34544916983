// The wide screen. It has the small one's layout with more room around it, and there axe has been over every screen: here only the
// lengths are measured, which are others.

import { WIDE } from "./pages";
import { everyScreenIsSound, expectMeasured, windowOf } from "./sound";

everyScreenIsSound(windowOf(WIDE), expectMeasured);
