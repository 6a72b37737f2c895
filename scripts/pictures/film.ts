import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

/** How long each letter shows while someone types, in milliseconds. */
const LETTER_MS = 55;

/** Steps of a mouse movement. */
const MOVE_STEPS = 6;
const MOVE_MS = 40;

const COLORS = 128;

/** A film of a window, with a frame for each change. */
export class Film {
  private readonly frames: Buffer[] = [];
  private readonly delays: number[] = [];
  private mouse = { x: 0, y: 0 };

  constructor(private readonly page: Page) {}

  /** Adds the window as it is now. @param ms how long to show it */
  async show(ms: number): Promise<void> {
    const frame = await this.page.screenshot({ animations: 'disabled' });
    const last = this.frames.length - 1;
    if (this.frames[last]?.equals(frame)) this.delays[last] = (this.delays[last] ?? 0) + ms;
    else {
      this.frames.push(frame);
      this.delays.push(ms);
    }
  }

  /** Types into the focused element. */
  async type(text: string): Promise<void> {
    for (const letters of text.match(/.{1,2}/gs) ?? []) {
      await this.page.keyboard.type(letters);
      await this.show(LETTER_MS * letters.length);
    }
  }

  /** Moves the mouse to an element, and clicks it. */
  async click(target: Locator): Promise<void> {
    await target.waitFor();
    const { x, y, width, height } = (await target.boundingBox()) ?? FULL;
    const from = this.mouse;
    this.mouse = { x: x + width * 0.55, y: y + height / 2 };
    for (let step = 1; step <= MOVE_STEPS; step++) {
      const part = (1 - Math.cos((Math.PI * step) / MOVE_STEPS)) / 2;
      await this.pointAt(
        from.x + (this.mouse.x - from.x) * part,
        from.y + (this.mouse.y - from.y) * part,
      );
      await this.show(MOVE_MS);
    }
    await this.show(300);
    await this.page.mouse.click(this.mouse.x, this.mouse.y);
  }

  /** Sets the caption below the window. */
  async say(caption: string): Promise<void> {
    await this.lay('caption', CAPTION, caption);
  }

  /** Writes the film as a looping GIF, and removes caption and mouse. @param file absolute path */
  async write(file: string): Promise<void> {
    await this.page.evaluate(
      `document.querySelectorAll('#caption, #mouse').forEach((one) => one.remove())`,
    );
    await sharp(this.frames, { join: { animated: true } })
      .gif({ delay: this.delays, loop: 0, colors: COLORS, effort: 10, dither: 0 })
      .toFile(file);
  }

  private async pointAt(x: number, y: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.lay('mouse', `left: ${x}px; top: ${y}px`, ARROW);
  }

  /** Shows something over the window, and replaces the previous one with this ID. */
  private async lay(id: string, style: string, html: string): Promise<void> {
    const of = JSON.stringify({ id, innerHTML: html });
    await this.page.evaluate(`{
      const there = document.getElementById('${id}') ?? document.createElement('div');
      Object.assign(there, ${of}).style.cssText = ${JSON.stringify(ABOVE + style)};
      document.body.append(there);
    }`);
  }
}

const FULL = { x: 0, y: 0, width: 0, height: 0 };
const ABOVE = 'position: fixed; pointer-events: none; z-index: 100000; ';
const CAPTION = `left: 50%; bottom: 46px; transform: translateX(-50%); padding: 10px 22px; border-radius: 22px;
  background: #0e639c; color: #fff; font: 600 19px Inter; box-shadow: 0 4px 16px #0008; white-space: nowrap`;
const ARROW = `<svg width="22" height="30" viewBox="0 0 11 15"><path d="M1 1v11l2.8-2.6L5.6 13.6l1.9-.8-1.8-4.1h3.8z" fill="#111" stroke="#fff" stroke-width=".9"/></svg>`;
