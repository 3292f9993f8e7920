// Grain state and cluster membership. All of it can be made again from the log: losing it costs a rebuild.
param name string
param location string
param tags object
param redundancy string
param allowedIps string[]
param appsSubnetId string
param privateEndpoints bool
param endpointSubnetId string
param blobZoneId string
param tableZoneId string
param workspaceId string
param siloPrincipalId string
param webPrincipalId string

var tableContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3') // Storage Table Data Contributor
var blobContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe') // Storage Blob Data Contributor

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateEndpoints && empty(allowedIps) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'None'
      virtualNetworkRules: privateEndpoints ? [] : [{ id: appsSubnetId, action: 'Allow' }]
      ipRules: [for ip in allowedIps: { value: ip, action: 'Allow' }]
    }
  }

  resource tables 'tableServices' = {
    name: 'default'

    // Orleans' name for its membership table. It stands here so that the web app can be given this table alone.
    resource membership 'tables' = {
      name: 'OrleansSiloInstances'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    // How far the views have come in each partition, as the scaler reads it: see silo.bicep.
    resource checkpoints 'containers' = {
      name: 'checkpoints'
      properties: { publicAccess: 'None' }
    }
  }
}

module tableEndpoint 'private-endpoint.bicep' = if (privateEndpoints) {
  name: 'state-table-endpoint'
  params: {
    name: '${name}-table'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: account.id
    groupId: 'table'
    zoneId: tableZoneId
  }
}

module blobEndpoint 'private-endpoint.bicep' = if (privateEndpoints) {
  name: 'state-blob-endpoint'
  params: {
    name: '${name}-blob'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: account.id
    groupId: 'blob'
    zoneId: blobZoneId
  }
}

resource siloTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, tableContributor, 'silo')
  scope: account
  properties: {
    roleDefinitionId: tableContributor
    principalId: siloPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Silos write the checkpoints, and the scaler, which acts as they do, reads them. Of blobs they need no others here.
resource siloCheckpoints 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::checkpoints.id, blobContributor, 'silo')
  scope: account::blobs::checkpoints
  properties: {
    roleDefinitionId: blobContributor
    principalId: siloPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// An Orleans client finds the silos in the membership table. Its provider asks for the table to be made if it is not there,
// which a reader may not, so this is Contributor: of this one table, and of no grain's state.
resource webMembership 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::tables::membership.id, tableContributor, 'web')
  scope: account::tables::membership
  properties: {
    roleDefinitionId: tableContributor
    principalId: webPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Metrics only: a log line for each of a million table writes would cost more than the writes.
resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::tables
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

@export()
@description('Where grain state and clustering are.')
type stateStore = { account: string, tablesUri: string, blobsUri: string, checkpointContainer: string }

output state stateStore = {
  account: account.name
  tablesUri: account.properties.primaryEndpoints.table
  blobsUri: account.properties.primaryEndpoints.blob
  checkpointContainer: account::blobs::checkpoints.name
}
