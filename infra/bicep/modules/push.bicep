// Azure SignalR in its default mode: the hub runs in the web app, connections end here.
param name string
param location string
param tags object
param sku string
param units int
param privateEndpoints bool
param endpointSubnetId string
param zoneId string
param workspaceId string
param serverPrincipalId string

var appServer = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '420fcaa2-552c-430f-98ca-3264be4806c7') // SignalR App Server
var free = sku == 'Free_F1'

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: { name: sku, capacity: units }
  properties: {
    disableLocalAuth: true
    disableAadAuth: false
    features: [
      { flag: 'ServiceMode', value: 'Default' }
      { flag: 'EnableConnectivityLogs', value: 'True' }
    ]
    // Browsers come from outside, with a token that the web app gave them. Servers have no business there.
    publicNetworkAccess: 'Enabled'
    networkACLs: free || !privateEndpoints
      ? null
      : {
          defaultAction: 'Allow'
          publicNetwork: { deny: ['ServerConnection', 'RESTAPI', 'Trace'] }
        }
  }
}

module endpoint 'private-endpoint.bicep' = if (privateEndpoints && !free) {
  name: 'push-endpoint'
  params: {
    name: '${name}-signalr'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: signalR.id
    groupId: 'signalr'
    zoneId: zoneId
  }
}

resource webServes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(signalR.id, appServer, 'web')
  scope: signalR
  properties: {
    roleDefinitionId: appServer
    principalId: serverPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: signalR
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output host string = signalR.properties.hostName
