export { SignInGroup, type SignInState } from './sign-in-group';
export { useSignIn } from './use-sign-in';
