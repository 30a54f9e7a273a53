import type { Context } from "hono";
import { isPartial, type WebEnv } from "../asked.ts";
import { Page } from "../shell/page.tsx";
import { loadFrame } from "../view/load.ts";
import { HistoryList } from "./history.tsx";

/** The newest entries of a task's trail: into the panel, or as a page. */
export async function showHistory(c: Context<WebEnv>): Promise<Response> {
  const { api, reader, user_id } = c.get("asked");
  const task = await api.tasks.get(c.req.param("id") ?? "");
  const [trail, frame] = await Promise.all([api.audit.list({ task_id: task.id, limit: 100 }), loadFrame(api, reader)]);
  const list = <HistoryList entries={trail.items} projects={frame.projects} reader={reader} me={user_id} />;
  if (isPartial(c)) return c.html(list);
  return c.html(
    <Page title={`History of ${task.title}`} reader={reader} frame={frame} at="">
      <header class="head">
        <h1>History</h1>
      </header>
      <p>
        <a href={`/tasks/${task.id}`}>{task.title}</a>
      </p>
      {list}
    </Page>,
  );
}
