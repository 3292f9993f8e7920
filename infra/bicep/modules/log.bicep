// The log: an Event Hubs namespace with one hub, captured into the archive. Only the web app may send, only silos receive.
param name string
param location string
param tags object
param tier string
param units int
param unitsMax int
param partitions int
param retentionHours int
param captureSeconds int
param captureIdentityId string
param archiveAccountId string
param archiveContainer string
param allowedIps string[]
param appsSubnetId string
param privateEndpoints bool
param endpointSubnetId string
param zoneId string
param workspaceId string
param senderPrincipalId string
param receiverPrincipalId string

var sender = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '2b629674-e913-4c01-ae53-ef4638d8f975') // Azure Event Hubs Data Sender
var receiver = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde') // Azure Event Hubs Data Receiver
var inflates = tier == 'Standard' && unitsMax > units
var closed = privateEndpoints && empty(allowedIps)

resource space 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: tier, tier: tier, capacity: units }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${captureIdentityId}': {} }
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: closed ? 'Disabled' : 'Enabled'
    isAutoInflateEnabled: inflates
    maximumThroughputUnits: inflates ? unitsMax : 0
  }

  resource rules 'networkRuleSets' = {
    name: 'default'
    properties: {
      publicNetworkAccess: closed ? 'Disabled' : 'Enabled'
      defaultAction: 'Deny'
      trustedServiceAccessEnabled: true
      virtualNetworkRules: privateEndpoints ? [] : [{ subnet: { id: appsSubnetId } }]
      ipRules: [for ip in allowedIps: { ipMask: ip, action: 'Allow' }]
    }
  }

  resource hub 'eventhubs' = {
    name: 'log'
    properties: {
      partitionCount: partitions
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
      captureDescription: {
        enabled: true
        encoding: 'Avro'
        intervalInSeconds: captureSeconds
        sizeLimitInBytes: 314572800
        skipEmptyArchives: true
        destination: {
          name: 'EventHubArchive.AzureBlockBlob'
          identity: { type: 'UserAssigned', userAssignedIdentity: captureIdentityId }
          properties: {
            storageAccountResourceId: archiveAccountId
            blobContainer: archiveContainer
            archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'
          }
        }
      }
    }

    resource group 'consumergroups' = {
      name: 'kappa'
    }
  }
}

module endpoint 'private-endpoint.bicep' = if (privateEndpoints) {
  name: 'log-endpoint'
  params: {
    name: '${name}-hub'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: space.id
    groupId: 'namespace'
    zoneId: zoneId
  }
}

resource webSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(space::hub.id, sender, 'web')
  scope: space::hub
  properties: {
    roleDefinitionId: sender
    principalId: senderPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource siloReceives 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(space::hub.id, receiver, 'silo')
  scope: space::hub
  properties: {
    roleDefinitionId: receiver
    principalId: receiverPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: space
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@export()
@description('The hub as apps need it.')
type hubPlace = { namespace: string, name: string, consumerGroup: string }

output hub hubPlace = {
  // The endpoint is https://<host>:443/; apps want the host.
  namespace: split(split(space.properties.serviceBusEndpoint, '//')[1], ':')[0]
  name: space::hub.name
  consumerGroup: space::hub::group.name
}
