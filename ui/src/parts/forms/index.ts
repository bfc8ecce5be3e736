export { AddForm } from './add-form';
export { FormFields } from './form-fields';
export { filledLines, FormShown } from './form-shown';
export { Leaving } from './leaving';
export { SeveralForms } from './several-forms';
export { formNames, toldForm } from './told-apart';
