// What people do, in their words: each finds things on the page by what they say.
import { patience } from './browsers.mjs';

/** The first thing of a kind that is there to be seen and used and whose words are these; … stands for any. */
async function find(page, selector, words) {
  const found = await page.waitForFunction(
    (selector, words) => {
      const saying = (element) => (element.getAttribute('aria-label') ?? element.textContent).replace(/\s+/g, ' ').trim();
      const [start, end] = words.split('…');
      const fits = (said) => (end === undefined ? said === words : said.startsWith(start) && said.endsWith(end));
      return [...document.querySelectorAll(selector)].find((element) => element.checkVisibility() && !element.disabled && fits(saying(element)));
    },
    { polling: 100 },
    selector,
    words,
  );
  return found.asElement();
}

async function click(page, selector, words = '…') {
  for (let tries = 5; ; tries--) {
    const element = await find(page, selector, words);
    try {
      await element.click();
      return;
    } catch (error) {
      // The page may have put another in its place meanwhile.
      if (tries === 0) throw error;
    }
  }
}

export const press = (page, words, within = '') => click(page, `${within} :is(button, [role=button])`, words);
export const see = (page, words, selector = 'h1, h2, button, [role=button]') => find(page, selector, words);
const follow = (page, words, within = '') => click(page, `${within} a`, words);

async function fill(page, label, text) {
  const field = await (await find(page, 'label', label)).evaluateHandle((element) => element.control);
  await field.type(text);
}

export async function signIn(page, address, email, password) {
  await page.goto(address);
  await press(page, 'Sign in', 'main');
  await fill(page, 'Email address', email);
  await fill(page, 'Password', password);
  await press(page, 'Sign in', 'main');
  await enterCodeIfAsked(page);
  await see(page, 'Sign out');
}

/** Who works for the practice enters the code that their app shows, which here is the page itself; each works once. */
async function enterCodeIfAsked(page) {
  for (;;) {
    const seen = await page.waitForFunction(() => {
      const code = document.querySelector('[data-demonstration-code]');
      return code ? code.textContent.trim() : ['Show the next code', 'Sign out'].find((words) => document.body?.textContent.includes(words));
    }, { polling: 100 });
    const words = await seen.jsonValue();
    if (words === 'Sign out') return;
    if (words === 'Show the next code') {
      await follow(page, words);
      continue;
    }
    await fill(page, 'Security code', words);
    await press(page, 'Continue');
    return;
  }
}

export async function startClinicNow(page, address) {
  await page.goto(`${address}/clinics`);
  await press(page, 'Start a clinic now');
  await page.waitForFunction(() => /^\/clinics\/[0-9a-f-]{36}$/.test(location.pathname), { polling: 100 });
}

/** @returns the appointment's id. */
export async function bookNow(page, address, service) {
  await page.goto(`${address}/appointments`);
  await press(page, 'Book an appointment', 'main');
  await follow(page, service);
  await click(page, 'main li a[href*="/book"]');
  const confirm = 'Confirm the appointment';
  for (;;) {
    await click(page, 'input[type=radio]');
    await press(page, 'Continue');
    const seen = await (await Promise.race([see(page, confirm), see(page, 'There is a problem')])).evaluate((element) => element.textContent.trim());
    // Else the first time began while the page was open: the page says so and offers the later ones.
    if (seen === confirm) break;
  }
  await press(page, confirm);
  await see(page, 'Appointment booked');
  return /\/appointments\/([0-9a-f-]{36})\/booked/.exec(await page.evaluate(() => location.pathname))[1];
}

export async function join(page, address, appointment) {
  await page.goto(`${address}/appointments/${appointment}`);
  await press(page, 'Join the appointment');
  await press(page, 'Continue');
  await click(page, 'label', 'I agree to a consultation by video');
  await press(page, 'Continue');
  await fill(page, 'Where are you?', '12 Mill Lane, Hexham');
  await press(page, 'Continue');
  await press(page, 'Join');
  await press(page, 'Turn on camera and microphone');
}

export async function admit(page, appointment) {
  await follow(page, 'Open consultation …', `tr[data-consultation-id="${appointment}"]`);
  await press(page, 'Admit …');
}

export const inPhase = (page, phase) => page.waitForSelector(`[data-module=call][data-phase=${phase}]`, { timeout: patience });
