/** What the page's scripts share on `window`: Dash's side of the bridge, and ours. */

interface Window {
  /** The parts of React that a component needs, which Dash brings along. */
  React: {
    createElement(tag: string, props: object): unknown;
    useEffect(effect: () => (() => void) | void, depends: unknown[]): void;
    useRef(first: any): { current: any };
  };
  /** Where Dash looks the components of `tapedeck_dash` up. */
  tapedeck_dash: { [component: string]: unknown };
  /** Set by Dash before its callbacks run; clientside functions hang on it by namespace. */
  dash_clientside: {
    no_update: unknown;
    /** Good only until a clientside function returns. */
    callback_context: { triggered: { prop_id: string; value: unknown }[] };
    set_props(id: string, props: object): void;
    [namespace: string]: unknown;
  };
  /** What Dash knows of a component; undefined where it has none of that id. */
  dash_component_api: { getLayout(id: string): { props: { [name: string]: unknown } } | undefined };
  /** The page's moving part, as soon as it has started. */
  tapedeck: ReturnType<typeof import("./tape/main.mjs").start>;
}
