// What several scenes do before their picture is taken.
export const row = (page, name) => page.getByRole('row', { name }).click();
export const card = (page, name) => page.getByRole('option', { name }).click();
