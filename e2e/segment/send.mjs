// Sends one of everything with the official library, as it comes, and says what came back.
//
//   node send.mjs ADDRESS WRITE_KEY
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 50, maxRetries: 2 })
const statuses = []
const errors = []
analytics.on('http_response', (response) => statuses.push(response.status))
analytics.on('error', (error) => errors.push(`${error.code}: ${error.reason}`))

const timestamp = new Date('2026-03-04T05:06:07.089Z')
const visitor = { anonymousId: 'node-visitor' }
const member = { userId: 'node-member' }
analytics.track({ ...visitor, event: 'Product Viewed', properties: { name: '茉莉花茶 🍵', price: 68.5, tags: ['茶', "it's"], nested: { deep: [null, true] } }, timestamp })
analytics.identify({ ...member, ...visitor, traits: { name: '林晓', phone: '138 0013 8000', email: 'Lin.Xiao@Example.com', city: '杭州' }, timestamp })
analytics.page({ ...member, category: 'Docs', name: 'Start', properties: { path: '/start' }, timestamp })
analytics.screen({ ...member, name: 'Cart', timestamp })
analytics.group({ ...member, groupId: 'club-1', traits: { plan: 'gold' }, timestamp })
analytics.track({ ...member, event: 'Order Completed', properties: { order_id: 'N-1', revenue: 268, currency: 'CNY' }, context: { ip: '203.0.113.7', campaign: { source: 'wechat', medium: 'social' } }, timestamp })
analytics.alias({ ...member, previousId: 'node-earlier' })
for (let i = 0; i < 200; i++) {
  analytics.track({ ...member, event: 'Button Pressed', messageId: `node-press-${i}`, properties: { i } })
}
// A library that got no answer sends again: the same ids must not count twice.
for (let i = 0; i < 10; i++) {
  analytics.track({ ...member, event: 'Button Pressed', messageId: `node-press-${i}`, properties: { i } })
}
await analytics.closeAndFlush({ timeout: 20000 })
console.log(JSON.stringify({ statuses, errors }))
