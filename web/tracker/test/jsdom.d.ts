declare module 'jsdom' {
  // The tests evaluate our script inside; what they reach for is not typed.
  export const JSDOM: new (html: string, options: object) => { window: any }
}
