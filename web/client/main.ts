import "./security.ts";
import "./back.ts";
import "./morph.ts";
import "./fields.ts";
// Before drafts: a text that could not be added is in its field again before it is kept.
import "./add.ts";
import "./drafts.ts";
import "./focus.ts";
import "./keys.ts";
import "./toast.ts";
import "./release.ts";
import { refreshList } from "./live.ts";
import { keepZone } from "./zone.ts";

if (await keepZone()) refreshList();
