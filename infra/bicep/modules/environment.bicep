// The Container Apps environment: internal, in our network. Silos reach each other through its static address, each on
// ports of its own, because Container Apps has no documented address for a single replica.
param name string
param location string
param tags object
param appsSubnetId string
param networkId string
param workspaceId string
param insightsName string
param metricsEndpoint string
param zoneRedundant bool

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// A preview version, since only these know the managed OpenTelemetry agent.
resource environment 'Microsoft.App/managedEnvironments@2025-10-02-preview' = {
  name: '${name}-apps'
  location: location
  tags: tags
  properties: {
    vnetConfiguration: { infrastructureSubnetId: appsSubnetId, internal: true }
    publicNetworkAccess: 'Disabled'
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    zoneRedundant: zoneRedundant
    // Through the diagnostic setting below, which needs no key of the workspace.
    appLogsConfiguration: { destination: 'azure-monitor' }
    appInsightsConfiguration: { connectionString: insights.properties.ConnectionString }
    openTelemetryConfiguration: {
      tracesConfiguration: { destinations: ['appInsights'], includeDapr: false }
      logsConfiguration: { destinations: ['appInsights'] }
      metricsConfiguration: empty(metricsEndpoint) ? null : { destinations: ['metrics'], includeKeda: true }
      destinationsConfiguration: empty(metricsEndpoint)
        ? null
        : { otlpConfigurations: [{ name: 'metrics', endpoint: metricsEndpoint, insecure: false }] }
    }
  }
}

// Names of apps in an internal environment are known to nobody unless somebody tells the network.
module names 'environment-names.bicep' = {
  name: 'environment-names'
  params: {
    domain: environment.properties.defaultDomain
    address: environment.properties.staticIp
    networkId: networkId
    tags: tags
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = environment.id
output staticIp string = environment.properties.staticIp
output defaultDomain string = environment.properties.defaultDomain
