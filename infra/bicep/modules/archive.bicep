// The archive: what Event Hubs captures, for good. It has an account of its own, so that nothing else here has any right
// to it, and its files cannot be changed or deleted while the immutability policy runs.
param name string
param location string
param tags object
param redundancy string
param immutableDays int
param coolAfterDays int
param coldAfterDays int
param allowedIps string[]
param appsSubnetId string
param privateEndpoints bool
param endpointSubnetId string
param zoneId string
param workspaceId string

@description('Event Hubs, when it captures.')
param writerPrincipalId string

@description('The silos, when they rebuild or answer as of a moment.')
param readerPrincipalId string

var contributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe') // Storage Blob Data Contributor
var reader = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1') // Storage Blob Data Reader

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
    // Versions are what makes files immutable one by one; they exclude the hierarchical namespace.
    isHnsEnabled: false
    // Not 'Disabled', even with private endpoints: Capture comes from Event Hubs itself, as a trusted service through the
    // public address, which the rules below close to everybody else.
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'AzureServices'
      virtualNetworkRules: privateEndpoints ? [] : [{ id: appsSubnetId, action: 'Allow' }]
      ipRules: [for ip in allowedIps: { value: ip, action: 'Allow' }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      deleteRetentionPolicy: { enabled: true, days: 30 }
      containerDeleteRetentionPolicy: { enabled: true, days: 30 }
    }

    resource capture 'containers' = {
      name: 'capture'
      properties: {
        publicAccess: 'None'
        immutableStorageWithVersioning: { enabled: true }
      }

      resource immutable 'immutabilityPolicies' = {
        name: 'default'
        properties: { immutabilityPeriodSinceCreationInDays: immutableDays }
      }
    }
  }

  resource tiers 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'cooler-with-age'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['capture/'] }
              // Cool and cold files are read at once, if dearer; the archive tier would make a rebuild wait for hours.
              actions: {
                baseBlob: {
                  tierToCool: { daysAfterCreationGreaterThan: coolAfterDays }
                  tierToCold: { daysAfterCreationGreaterThan: coldAfterDays }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateEndpoints) {
  name: 'archive-endpoint'
  params: {
    name: '${name}-blob'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    targetId: account.id
    groupId: 'blob'
    zoneId: zoneId
  }
}

resource captureWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::capture.id, contributor, 'capture')
  scope: account::blobs::capture
  properties: {
    roleDefinitionId: contributor
    principalId: writerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource siloReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::capture.id, reader, 'silo')
  scope: account::blobs::capture
  properties: {
    roleDefinitionId: reader
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    // Files are written by the thousand and should never be deleted: log who tries.
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output accountId string = account.id
output container string = account::blobs::capture.name
output containerUri string = '${account.properties.primaryEndpoints.blob}${account::blobs::capture.name}'
