'use strict';
// The filter: rows that hold all words of the field stay.  Without it the tables are whole.
const tools = document.querySelector('.tools label');
const field = tools.querySelector('input');
const told = tools.querySelector('output');
const rows = [...document.querySelectorAll('.jobs tbody tr')];
const words = rows.map(() => null);

function holds(row, i, wanted) {
  words[i] = words[i] || row.textContent.toLowerCase();
  return wanted.every(word => words[i].includes(word));
}

function filter() {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, i) => {
    row.hidden = !holds(row, i, wanted);
    count += !row.hidden;
  });
  told.value = wanted.length ? `${count.toLocaleString('en')} of ${rows.length.toLocaleString('en')}` : '';
}

field.addEventListener('input', filter);
tools.hidden = false;
if (field.value) filter();
