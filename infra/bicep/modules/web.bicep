// The API, the hub and the dashboard: the same image in its role `web`, an Orleans client. It is the only one that may
// send to the log.
import { identity as identityType } from 'identities.bicep'
import { hubPlace } from 'log.bicep'

@maxLength(32)
param name string

param location string
param tags object
param environmentId string
param registryServer string
param image string
param identity identityType
param replicas { least: int, most: int }
param concurrency int
param unsecured bool
param clusterId string
param hub hubPlace
param tablesUri string
param signalRHost string

var settings = {
  Kappa__Roles: 'web'
  Kappa__Unsecured: unsecured ? 'true' : 'false'
  Kappa__Cluster__Id: clusterId
  Kappa__Cluster__Service: 'kappa'
  Kappa__Azure__ClientId: identity.clientId
  AZURE_CLIENT_ID: identity.clientId
  Kappa__Azure__EventHubs__Namespace: hub.namespace
  Kappa__Azure__EventHubs__Hub: hub.name
  Kappa__Azure__Tables__Uri: tablesUri
  // The SDK's own form for an identity; there is no key in it.
  Azure__SignalR__ConnectionString: 'Endpoint=https://${signalRHost};AuthType=azure.msi;ClientId=${identity.clientId};Version=1.0;'
}

resource web 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      // The old revision goes once the new one is ready; a client that was cut off resumes its watch without a gap.
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 5
      registries: [{ server: registryServer, identity: identity.id }]
      // "External" means the virtual network here: the environment is internal.
      ingress: {
        external: true
        transport: 'auto'
        targetPort: 8080
        allowInsecure: false
      }
    }
    template: {
      // Watches end with their tokens and requests finish: the host gives itself 90 seconds (AzureEngine).
      terminationGracePeriodSeconds: 120
      containers: [
        {
          name: 'web'
          image: '${registryServer}/${image}'
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: map(items(settings), setting => { name: setting.key, value: setting.value })
          // The process only, which answers once the hub is open and the cluster is joined. /health/ready speaks of all views; if it stood
          // here, one bad view would close the way for appends, and for the deployment that repairs it.
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/health/live', port: 8080 }
              periodSeconds: 2
              timeoutSeconds: 5
              failureThreshold: 120
            }
            {
              type: 'Readiness'
              httpGet: { path: '/health/live', port: 8080 }
              periodSeconds: 5
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Liveness'
              httpGet: { path: '/health/live', port: 8080 }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        minReplicas: replicas.least
        maxReplicas: replicas.most
        rules: [
          {
            name: 'requests'
            http: { metadata: { concurrentRequests: string(concurrency) } }
          }
        ]
      }
    }
  }
}
