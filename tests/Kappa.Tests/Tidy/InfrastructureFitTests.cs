using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>That what is deployed fits the host: its settings and ports, and the layout of its capture files.</summary>
public sealed class InfrastructureFitTests
{
    [Fact]
    public void A_silo_gets_the_settings_that_the_host_knows() => Assert.Equal(
        [
            "AZURE_CLIENT_ID", "Kappa__Azure__Blobs__Uri", "Kappa__Azure__Capture__Uri", "Kappa__Azure__Checkpoints__Uri", "Kappa__Azure__ClientId",
            "Kappa__Azure__EventHubs__ConsumerGroup", "Kappa__Azure__EventHubs__Hub", "Kappa__Azure__EventHubs__Namespace", "Kappa__Azure__Tables__Uri",
            "Kappa__Cluster__AdvertisedAddress", "Kappa__Cluster__AdvertisedGatewayPort", "Kappa__Cluster__AdvertisedSiloPort",
            "Kappa__Cluster__Id", "Kappa__Cluster__Service", "Kappa__Roles", "Kappa__Unsecured",
        ],
        BicepText.Settings("silo").Order(StringComparer.Ordinal));

    [Fact]
    public void The_web_app_gets_the_settings_that_the_host_knows() => Assert.Equal(
        [
            "AZURE_CLIENT_ID", "Azure__SignalR__ConnectionString", "Kappa__Azure__ClientId", "Kappa__Azure__EventHubs__Hub",
            "Kappa__Azure__EventHubs__Namespace", "Kappa__Azure__Tables__Uri", "Kappa__Cluster__Id", "Kappa__Cluster__Service", "Kappa__Roles", "Kappa__Unsecured",
        ],
        BicepText.Settings("web").Order(StringComparer.Ordinal));

    [Fact]
    public void Ports_are_those_of_the_host()
    {
        var (silo, web) = (BicepText.Module("silo").Text, BicepText.Module("web").Text);
        Assert.Contains("targetPort: 11111", silo, StringComparison.Ordinal);
        Assert.Contains("targetPort: 30000", silo, StringComparison.Ordinal);
        Assert.Contains("targetPort: 8080", web, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_app_never_has_two_replicas_since_both_would_answer_on_one_address()
    {
        var silo = BicepText.Module("silo").Text;
        Assert.Contains("maxReplicas: 1\n", silo, StringComparison.Ordinal);
        Assert.Contains("activeRevisionsMode: 'Single'", silo, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scaler_looks_for_checkpoints_where_the_host_writes_them_and_as_often()
    {
        var silo = BicepText.Module("silo").Text;
        Assert.Contains("checkpointStrategy: 'blobMetadata'", silo, StringComparison.Ordinal);
        Assert.Contains("eventHubNamespace: toLower(split(hub.namespace, '.')[0])\n", silo, StringComparison.Ordinal);
        Assert.Contains("eventHubName: toLower(hub.name)\n", silo, StringComparison.Ordinal);
        Assert.Contains("ToLowerInvariant()", SourceTree.Files.Single(file => file.Name == "BlobCheckpoints").Text, StringComparison.Ordinal);
        var seconds = Regex.Match(silo, @"pollingInterval: (\d+)").Groups[1].Value;
        Assert.Contains($"_period = TimeSpan.FromSeconds({seconds})", SourceTree.Files.Single(file => file.Name == "CheckpointService").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Event_Hubs_captures_in_the_layout_that_we_read()
    {
        var log = BicepText.Module("log").Text;
        Assert.Contains("archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'", log, StringComparison.Ordinal);
        Assert.Contains("encoding: 'Avro'", log, StringComparison.Ordinal);
        Assert.Contains("skipEmptyArchives: true", log, StringComparison.Ordinal);
    }

    [Fact]
    public void The_archive_keeps_its_files_unchanged_and_at_hand()
    {
        var archive = BicepText.Module("archive").Text;
        Assert.Contains("isVersioningEnabled: true", archive, StringComparison.Ordinal);
        Assert.Contains("immutableStorageWithVersioning: { enabled: true }", archive, StringComparison.Ordinal);
        Assert.Contains("immutabilityPeriodSinceCreationInDays: immutableDays", archive, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"tierToArchive|\bdelete:", archive);
    }
}
