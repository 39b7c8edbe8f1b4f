// The component's own words; everything about products and questions comes from the service, in its language.
// "one|other" gives the forms for one and for any other number. {name} is filled in.

/** @type {Record<string, Record<string, string>>} */
export const TEXTS = {
  en: {
    loading: "One moment…", progress: "Question {n} of at most {most}", fitting: "{n} product fits|{n} products fit",
    left: "{n} left", noneLeft: "nothing would be left with your other answers", next: "Next", back: "Back",
    notSure: "I'm not sure", from: "from", to: "up to", between: "{from} to {to}", lowest: "Lowest",
    highest: "Highest", any: "any", several: "You can choose more than one.", answers: "Your answers",
    change: "Change", keep: "Leave as it was", restart: "Start again", profile: "from your profile",
    aside: "does not count at the moment", best: "These fit you best", soFar: "Best so far", fits: "Fits",
    misses: "Does not match", unknown: "Not stated", unstated: "{n} detail|{n} details", choose: "I'll take this one",
    done: "That is all we need to know.", conflict: "Nothing fits all of your answers together",
    ways: "What can you do without?", without: "Do without: {what}", quoted: "“{what}”",
    then: "then {n} product fits|then {n} products fit", nothing: "At the moment we have nothing to show here.",
    chosen: "Your choice", needed: "Do not forget", nice: "Goes well with it", others: "Often taken along",
    another: "Choose another one", add: "Add to basket", added: "Added",
    trouble: "We cannot reach the shop right now. Nothing is lost: we keep trying.",
    offline: "You are offline. Nothing is lost: we go on as soon as you are back.",
    slow: "This takes longer than usual…", retry: "Try now",
    renewed: "Your visit had expired. We went on with your answers.",
    closed: "Advice is not available at the moment.", refused: "This answer could not be taken. Please check it.",
    wantNumber: "Please enter a number.", wantBetween: "Please enter a number from {from} to {to}.",
    wantOne: "Please choose at least one answer.", wantEnd: "Please enter at least one end.",
    reversed: "The first number must not be larger than the second.", offer: "May we spare you this question?",
    yes: "Yes", no: "No", more: "More about this", purpose: "What for", allowed: "Allowed", notAllowed: "Not allowed",
    consent: "What we may use", since: "allowed since {date}",
    keptDays: "kept for {n} day at most|kept for {n} days at most",
    signIn: "Sign in to see and change what we may use.", saved: "Saved: {what}", none: "Take everything back",
    elsewhere: "Go on at another device", code: "Code", haveCode: "I have a code from another device",
    codeShown: "Open this page there and enter the code, or scan the picture. It is good once, until {time}.",
    qr: "QR code for the other device", noCode: "This code is not good any more. Please get a new one.",
    known: "We know: {told} ({source})", lastUse: "last used on {date}", export: "Save a copy of my data",
    erase: "Delete everything about me", eraseNow: "Delete for good", erased: "Everything about you has been deleted.",
    eraseSure: "All that we keep about you, your choices included, is deleted for good.",
    remember: "Shall we remember “{what}” for next time?",
    source: "Source", failed: "That did not work. Please try again.",
  },
  de: {
    loading: "Einen Moment …", progress: "Frage {n} von höchstens {most}",
    fitting: "{n} Produkt passt|{n} Produkte passen", left: "noch {n}",
    noneLeft: "mit deinen anderen Antworten bliebe nichts übrig", next: "Weiter", back: "Zurück",
    notSure: "Weiß ich nicht", from: "von", to: "bis", between: "{from} bis {to}", lowest: "Mindestens",
    highest: "Höchstens", any: "egal", several: "Du kannst mehrere auswählen.", answers: "Deine Antworten",
    change: "Ändern", keep: "So lassen", restart: "Neu anfangen", profile: "aus deinem Profil",
    aside: "zählt gerade nicht", best: "Das passt am besten zu dir", soFar: "Bisher passt am besten", fits: "Passt",
    misses: "Passt nicht", unknown: "Nicht angegeben", unstated: "{n} Angabe|{n} Angaben", choose: "Das nehme ich",
    done: "Mehr brauchen wir nicht zu wissen.", conflict: "Zu allen Antworten zusammen passt nichts",
    ways: "Worauf kannst du verzichten?", without: "Verzichten auf: {what}", quoted: "„{what}“",
    then: "dann passt {n} Produkt|dann passen {n} Produkte", nothing: "Im Moment können wir hier nichts zeigen.",
    chosen: "Deine Wahl", needed: "Nicht vergessen", nice: "Passt gut dazu", others: "Wird oft mitgenommen",
    another: "Anderes wählen", add: "In den Warenkorb", added: "Im Warenkorb",
    trouble: "Wir erreichen den Shop gerade nicht. Nichts geht verloren: Wir versuchen es weiter.",
    offline: "Du bist offline. Nichts geht verloren: Es geht weiter, sobald du wieder da bist.",
    slow: "Das dauert länger als sonst …", retry: "Jetzt versuchen",
    renewed: "Dein Besuch war abgelaufen. Es ging mit deinen Antworten weiter.",
    closed: "Die Beratung ist gerade nicht erreichbar.",
    refused: "Diese Antwort konnten wir nicht annehmen. Bitte prüfe sie.", wantNumber: "Bitte gib eine Zahl ein.",
    wantBetween: "Bitte gib eine Zahl von {from} bis {to} ein.", wantOne: "Bitte wähle mindestens eine Antwort.",
    wantEnd: "Bitte gib mindestens eine Grenze ein.",
    reversed: "Die erste Zahl darf nicht größer sein als die zweite.", offer: "Dürfen wir dir diese Frage ersparen?",
    yes: "Ja", no: "Nein", more: "Mehr dazu", purpose: "Wofür", allowed: "Erlaubt", notAllowed: "Nicht erlaubt",
    consent: "Was wir nutzen dürfen", since: "erlaubt seit {date}",
    keptDays: "höchstens {n} Tag aufbewahrt|höchstens {n} Tage aufbewahrt",
    signIn: "Melde dich an, um zu sehen und zu ändern, was wir nutzen dürfen.", saved: "Gespeichert: {what}",
    elsewhere: "An einem anderen Gerät weitermachen", code: "Code", haveCode: "Ich habe einen Code von einem anderen Gerät",
    qr: "QR-Code für das andere Gerät", noCode: "Dieser Code gilt nicht mehr. Bitte hole einen neuen.",
    codeShown: "Öffne dort diese Seite und gib den Code ein, oder scanne das Bild. Er gilt einmal, bis {time} Uhr.",
    known: "Wir wissen: {told} ({source})", lastUse: "zuletzt genutzt am {date}", export: "Meine Daten speichern",
    erase: "Alles über mich löschen", eraseNow: "Endgültig löschen", erased: "Alles über dich ist gelöscht.",
    eraseSure: "Alles, was wir von dir aufbewahren, wird endgültig gelöscht, auch was du erlaubt hast.",
    remember: "Sollen wir uns „{what}“ für das nächste Mal merken?",
    none: "Alles zurücknehmen", source: "Quelle", failed: "Das hat nicht geklappt. Bitte versuche es noch einmal.",
  },
  "de-simple": {
    progress: "Frage {n}. Es sind höchstens {most} Fragen.", left: "{n} bleiben",
    noneLeft: "Dann passt nichts mehr zu Ihren anderen Antworten.", notSure: "Das weiß ich nicht",
    several: "Sie können mehr als eine Antwort wählen.", answers: "Ihre Antworten", restart: "Noch einmal von vorne",
    profile: "Das steht in Ihrem Profil.", aside: "Das zählt im Moment nicht.", best: "Das passt gut zu Ihnen",
    soFar: "Das passt bis jetzt gut", choose: "Das möchte ich", done: "Sie haben alle Fragen beantwortet.",
    conflict: "Kein Produkt passt zu allen Ihren Antworten.", ways: "Was ist Ihnen nicht so wichtig?",
    without: "Nicht so wichtig: {what}", nothing: "Wir können Ihnen im Moment nichts zeigen.",
    chosen: "Das haben Sie gewählt", needed: "Das brauchen Sie auch", nice: "Das passt gut dazu",
    others: "Das kaufen viele Leute dazu",
    trouble: "Der Shop antwortet im Moment nicht. Ihre Antworten bleiben erhalten. Wir versuchen es noch einmal.",
    offline: "Sie haben kein Internet. Ihre Antworten bleiben erhalten. Es geht weiter, wenn Sie wieder Internet haben.",
    slow: "Bitte warten Sie noch etwas.", retry: "Noch einmal versuchen",
    renewed: "Sie waren lange nicht hier. Ihre Antworten sind noch da.", closed: "Im Moment geht die Beratung nicht.",
    refused: "Diese Antwort geht nicht. Bitte prüfen Sie die Antwort.", wantNumber: "Bitte geben Sie eine Zahl ein.",
    wantBetween: "Bitte geben Sie eine Zahl ein. Die Zahl muss zwischen {from} und {to} liegen.",
    wantOne: "Bitte wählen Sie eine Antwort oder mehr.", wantEnd: "Bitte geben Sie eine Zahl ein.",
    reversed: "Die erste Zahl ist zu groß.",
    offer: "Wir kennen die Antwort vielleicht schon. Dürfen wir sie benutzen?", consent: "Das dürfen wir benutzen",
    signIn: "Bitte melden Sie sich an. Dann sehen Sie, was wir benutzen dürfen.", none: "Nichts mehr erlauben",
    elsewhere: "Mit einem anderen Gerät weitermachen", noCode: "Der Code geht nicht mehr. Bitte holen Sie einen neuen Code.",
    codeShown: "Öffnen Sie diese Seite auf dem anderen Gerät. Geben Sie dort den Code ein. Oder scannen Sie das Bild. Sie haben Zeit bis {time} Uhr.",
    known: "Das wissen wir: {told} ({source})", lastUse: "Das haben wir benutzt am {date}", erased: "Wir haben alles über Sie gelöscht.",
    eraseSure: "Wir löschen alles über Sie. Sie können es nicht zurückholen.", remember: "Sollen wir uns das merken: {what}?",
    source: "Woher wir das wissen", failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
  },
};

/** Texts and numbers of one locale: `de-simple` falls back to `de`, any other language to `en`. */
export class Words {
  /** @param {string} locale @param {Record<string, Record<string, string>>} texts those of `TEXTS`, or another page's */
  constructor(locale, texts = TEXTS) {
    const wanted = locale.toLowerCase().replaceAll("_", "-");
    const language = wanted.split("-")[0];
    this.#texts = { ...texts.en, ...texts[language], ...texts[wanted] };
    this.tag = texts[language] ? language : "en";
    this.#plural = new Intl.PluralRules(this.tag);
  }

  #texts;
  #plural;

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   * @returns {string}
   */
  say(key, values = {}) {
    const [one, other = one] = this.#texts[key].split("|");
    const form = typeof values.n === "number" && this.#plural.select(values.n) === "one" ? one : other;
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? this.number(value) : String(value);
    });
  }

  /** @param {number} number @param {string | null} [unit] */
  number(number, unit) {
    const text = new Intl.NumberFormat(this.tag, { maximumFractionDigits: 2 }).format(number);
    return unit ? `${text}\u00a0${unit}` : text;
  }

  /** @param {number} price @param {string} currency */
  price(price, currency) {
    const digits = Number.isInteger(price) ? 0 : 2;
    return new Intl.NumberFormat(this.tag, { style: "currency", currency, minimumFractionDigits: digits }).format(price);
  }

  /** @param {string} moment RFC 3339 */
  date(moment) {
    return new Intl.DateTimeFormat(this.tag, { dateStyle: "medium" }).format(new Date(moment));
  }

  /** @param {string} moment RFC 3339 */
  time(moment) {
    return new Intl.DateTimeFormat(this.tag, { timeStyle: "short" }).format(new Date(moment));
  }

  /** @param {string[]} parts */
  list(parts) {
    return new Intl.ListFormat(this.tag, { type: "conjunction" }).format(parts);
  }
}
