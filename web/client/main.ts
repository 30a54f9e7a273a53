import "./security.ts";
import "./morph.ts";
import "./fields.ts";
import "./drafts.ts";
import "./add.ts";
import "./focus.ts";
import "./keys.ts";
import "./toast.ts";
import "./release.ts";
import { refreshList } from "./live.ts";
import { keepZone } from "./zone.ts";

if (await keepZone()) refreshList();
