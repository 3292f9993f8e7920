using Kappa.Silo.Hosting;

namespace Kappa.Tests.Hosting;

/// <summary>What the settings of Azure may be, and what is said about any other.</summary>
public sealed class AzureOptionsTests
{
    private const string Emulator = "Endpoint=sb://localhost;SharedAccessKeyName=n;SharedAccessKey=secret;UseDevelopmentEmulator=true;EntityPath=h";
    private const string Beyond = "Endpoint=sb://n.servicebus.windows.net;SharedAccessKeyName=n;SharedAccessKey=secret;EntityPath=h";
    private const string Storage = "DefaultEndpointsProtocol=https;AccountName=n;AccountKey=secret;EndpointSuffix=core.windows.net";
    private const string LocalStorage = "DefaultEndpointsProtocol=http;AccountName=n;AccountKey=secret;BlobEndpoint=http://127.0.0.1:10000/n;TableEndpoint=http://127.0.0.1:10002/n";

    [Fact]
    public void None_of_it_is_fine_and_means_no_azure()
    {
        var options = new AzureOptions();
        Assert.Empty(options.Validate());
        Assert.Equal((false, false, false), (options.HasEventHubs, options.HasTables, options.HasBlobs));
    }

    [Fact]
    public void Addresses_and_an_identity_are_all_it_takes()
    {
        var options = new AzureOptions
        {
            EventHubs = { Namespace = "n.servicebus.windows.net", Hub = "h", ConsumerGroup = "log" },
            Tables = { Uri = "https://n.table.core.windows.net" },
            Blobs = { Uri = "https://n.blob.core.windows.net" },
            Capture = { Uri = "https://n.blob.core.windows.net/capture" },
            Checkpoints = { Uri = "https://n.blob.core.windows.net/checkpoints" },
            ClientId = "01234567-89ab-cdef-0123-456789abcdef",
        };
        Assert.Empty(options.Validate());
        Assert.Equal((true, true, true), (options.HasEventHubs, options.HasTables, options.HasBlobs));
    }

    [Theory]
    [InlineData(Emulator, LocalStorage)]
    [InlineData(Emulator, "UseDevelopmentStorage=true")]
    public void Connection_strings_of_emulators_are_taken(string hub, string storage) =>
        Assert.Empty(new AzureOptions { EventHubs = { ConnectionString = hub }, Tables = { ConnectionString = storage }, Blobs = { ConnectionString = storage } }.Validate());

    [Fact]
    public void Connection_strings_of_services_are_refused_unless_they_are_allowed_and_never_repeated()
    {
        var options = new AzureOptions { EventHubs = { ConnectionString = Beyond }, Tables = { ConnectionString = Storage }, Blobs = { ConnectionString = Storage } };
        var problems = options.Validate();
        Assert.Equal(3, problems.Count);
        foreach (var (problem, key, remedy) in problems.Zip(["EventHubs", "Tables", "Blobs"], ["EventHubs:Namespace", "Tables:Uri", "Blobs:Uri"]))
        {
            Assert.StartsWith($"Kappa:Azure:{key}:ConnectionString ", problem, StringComparison.Ordinal);
            Assert.Contains($"Kappa:Azure:{remedy}", problem, StringComparison.Ordinal);
            Assert.Contains("Kappa:Azure:AllowConnectionStrings", problem, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
        }
        options.AllowConnectionStrings = true;
        Assert.Empty(options.Validate());
    }

    public static TheoryData<AzureOptions, string, string> Wrong => new()
    {
        { new AzureOptions { EventHubs = { Namespace = "sb://n.servicebus.windows.net/", Hub = "h" } }, "EventHubs:Namespace", "host name" },
        { new AzureOptions { EventHubs = { Namespace = "n", Hub = "h" } }, "EventHubs:Namespace", "host name" },
        { new AzureOptions { EventHubs = { Namespace = "n.servicebus.windows.net" } }, "EventHubs:Hub", "missing" },
        { new AzureOptions { EventHubs = { Hub = "h" } }, "EventHubs:Namespace", "missing" },
        { new AzureOptions { EventHubs = { Namespace = "n.servicebus.windows.net", Hub = "h", ConnectionString = Emulator } }, "EventHubs:Namespace", "both set" },
        { new AzureOptions { EventHubs = { Namespace = "n.servicebus.windows.net", Hub = "h", ConsumerGroup = " " } }, "EventHubs:ConsumerGroup", "consumer group" },
        { new AzureOptions { EventHubs = { ConnectionString = Emulator.Replace(";EntityPath=h", "", StringComparison.Ordinal) } }, "EventHubs:ConnectionString", "names no hub" },
        { new AzureOptions { EventHubs = { ConnectionString = "nonsense" } }, "EventHubs:ConnectionString", "no connection string" },
        { new AzureOptions { Tables = { Uri = "n.table.core.windows.net" } }, "Tables:Uri", "https" },
        { new AzureOptions { Tables = { Uri = "http://n.table.core.windows.net" } }, "Tables:Uri", "https" },
        { new AzureOptions { Blobs = { Uri = "https://n", ConnectionString = LocalStorage } }, "Blobs:Uri", "both set" },
        { new AzureOptions { Blobs = { ConnectionString = "nonsense" } }, "Blobs:ConnectionString", "no connection string" },
        { new AzureOptions { Capture = { Uri = "https://n.blob.core.windows.net" } }, "Capture:Uri", "container" },
        { new AzureOptions { Checkpoints = { Uri = "https://n.blob.core.windows.net/checkpoints" } }, "Checkpoints:Uri", "EventHubs is not" },
        { new AzureOptions { ClientId = "me" }, "ClientId", "GUID" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_by_its_key_with_what_it_must_be(AzureOptions options, string key, string expected)
    {
        var problem = Assert.Single(options.Validate());
        Assert.StartsWith($"Kappa:Azure:{key} ", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }
}
