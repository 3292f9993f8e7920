// One identity for each thing that acts: the silos, the web app, and Event Hubs when it captures. What each may do stands
// with the resource that it does it to.
param name string
param location string
param tags object

resource silo 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-silo'
  location: location
  tags: tags
}

resource web 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-web'
  location: location
  tags: tags
}

resource capture 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-capture'
  location: location
  tags: tags
}

@export()
@description('An identity as apps and role assignments need it.')
type identity = { id: string, clientId: string, principalId: string }

output silo identity = {
  id: silo.id
  clientId: silo.properties.clientId
  principalId: silo.properties.principalId
}

output web identity = {
  id: web.id
  clientId: web.properties.clientId
  principalId: web.properties.principalId
}

output capture identity = {
  id: capture.id
  clientId: capture.properties.clientId
  principalId: capture.properties.principalId
}
