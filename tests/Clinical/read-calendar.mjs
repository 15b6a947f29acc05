// Reads a calendar file from standard input with a parser that is not the one that wrote it, and prints what it understood.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
const [item, ...others] = calendar.getAllSubcomponents('vevent');
if (others.length > 0) throw new Error('More than one event.');
const value = (name) => item.getFirstPropertyValue(name);
const instant = (name) => value(name).toJSDate().toISOString();
if (value('dtstart').zone !== ICAL.Timezone.utcTimezone) throw new Error('The start is not in UTC.');
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue('method'),
  version: calendar.getFirstPropertyValue('version'),
  uid: value('uid'),
  sequence: value('sequence'),
  status: value('status'),
  stamp: instant('dtstamp'),
  start: instant('dtstart'),
  end: instant('dtend'),
  summary: value('summary'),
  description: value('description'),
  location: value('location'),
  url: value('url'),
  organizer: value('organizer'),
  attendee: value('attendee'),
  attendees: item.getAllProperties('attendee').length,
}));
