// The container registry: no admin user, no anonymous pull.
param name string
param location string
param tags object
param sku string
param allowedIps string[]
param privateEndpoints bool
param endpointSubnetId string
param zoneId string
param workspaceId string

@description('Principals of the identities that pull images.')
param pullers string[]

var pull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d') // AcrPull
// Network rules and private endpoints come with Premium only.
var premium = sku == 'Premium'
var closed = premium && privateEndpoints && empty(allowedIps)

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: closed ? 'Disabled' : 'Enabled'
    networkRuleBypassOptions: 'AzureServices'
    networkRuleSet: premium
      ? {
          defaultAction: 'Deny'
          ipRules: map(allowedIps, ip => { action: 'Allow', value: ip })
        }
      : null
  }
}

module endpoint 'private-endpoint.bicep' = if (premium && privateEndpoints) {
  name: 'registry-endpoint'
  params: {
    name: '${name}-registry'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: registry.id
    groupId: 'registry'
    zoneId: zoneId
  }
}

resource canPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (principal, i) in pullers: {
    // The principals are not known when names are, their number is.
    name: guid(registry.id, pull, string(i))
    scope: registry
    properties: {
      roleDefinitionId: pull
      principalId: principal
      principalType: 'ServicePrincipal'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: registry
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output loginServer string = registry.properties.loginServer
