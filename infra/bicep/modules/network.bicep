// The virtual network: one subnet for the Container Apps environment, one for private endpoints, and the private DNS
// zones that make the services' names lead to those endpoints.
param name string
param location string
param tags object

@description('A /23; the apps take its first half, endpoints a /26 of the second.')
param addressPrefix string

param privateEndpoints bool

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: '${name}-net'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          delegations: [
            { name: 'containerApps', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
          // Where there are no private endpoints, storage and hub admit this subnet alone.
          serviceEndpoints: [
            { service: 'Microsoft.Storage' }
            { service: 'Microsoft.EventHub' }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 4)
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource apps 'subnets' existing = {
    name: 'apps'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  hub: 'privatelink.servicebus.windows.net'
  registry: 'privatelink${environment().suffixes.acrLoginServer}'
  signalR: 'privatelink.service.signalr.net'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in items(zoneNames): if (privateEndpoints) {
    name: zone.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in items(zoneNames): if (privateEndpoints) {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output networkId string = network.id
output appsSubnetId string = network::apps.id
output endpointSubnetId string = network::endpoints.id
output blobZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.blob)
output tableZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.table)
output hubZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.hub)
output registryZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.registry)
output signalRZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.signalR)
