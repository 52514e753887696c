/** What the page's scripts share on `window`: Dash's side of the bridge, and ours. */

interface Window {
  /** The parts of React that a component needs, which Dash brings along. */
  React: {
    createContext(first: null): Context<any>;
    createElement(tag: unknown, props: object, ...children: unknown[]): unknown;
    useContext<T>(context: Context<T>): T;
    useEffect(effect: () => (() => void) | void, depends: unknown[]): void;
    useLayoutEffect(effect: () => (() => void) | void, depends: unknown[]): void;
    useRef(first: any): { current: any };
  };
  ReactDOM: { createPortal(children: unknown, place: Element): unknown };
  /** Where Dash looks the components of `tapedeck_dash` up; and the deck that a tape can stand in. */
  tapedeck_dash: { Tape: unknown; Deck: Context<Places | null> };
  /** Where Dash looks the page's own components up. */
  tapedeck_page: { [component: string]: unknown };
  /** Set by Dash before its callbacks run; clientside functions hang on it by namespace. */
  dash_clientside: {
    no_update: unknown;
    /** Good only until a clientside function returns. */
    callback_context: { triggered: { prop_id: string; value: unknown }[] };
    set_props(id: string, props: object): void;
    [namespace: string]: unknown;
  };
  /** The page's moving part, as soon as it has started. */
  tapedeck: Promise<import("./tape/deck.mjs").Deck>;
}

/** Of React: what stands around components, for those within. */
interface Context<T> {
  Provider: unknown;
  readonly around?: T;
}

/** What components of a deck's page have put themselves into, by their names; a tape's hears what to show, and is told what becomes of it. */
type Places = Map<string, Place>;

interface Place {
  tell?: (told: object) => void;
  show?: (props: import("../../../viewer/tapedeck_viewer/player/embedded.mjs").Props) => void;
}
