// Writes the headers of server.config.ts as nginx directives, so that they are kept in one place.
import { securityHeaders } from '../server.config.ts'

for (const [name, value] of Object.entries(securityHeaders)) {
  console.log(`add_header ${name} "${value}" always;`)
}
