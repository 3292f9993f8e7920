using Kappa.Silo.Hosting;

namespace Kappa.Tests.Hosting;

/// <summary>What the settings of the cluster may be, and what is said about any other.</summary>
public sealed class SiloSettingsTests
{
    [Fact]
    public void The_first_and_the_last_port_are_ports() => Assert.Empty(new SiloSettings
    {
        Cluster = { SiloPort = 1, GatewayPort = 65535, AdvertisedSiloPort = 65535, AdvertisedGatewayPort = 1 },
    }.Validate());

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_name_of_the_service_that_leaves_no_room_for_those_of_documents_is_refused(int characters)
    {
        var problem = Assert.Single(new SiloSettings { Cluster = { Service = new string('s', characters) } }.Validate());
        Assert.StartsWith($"Kappa:Cluster:Service has {characters} characters", problem, StringComparison.Ordinal);
        Assert.Empty(new SiloSettings { Cluster = { Service = new string('s', 64) } }.Validate());
    }

    public static TheoryData<SiloSettings, string, string> Wrong => new()
    {
        { new SiloSettings { Cluster = { SiloPort = 0 } }, "SiloPort", "1 to 65535" },
        { new SiloSettings { Cluster = { GatewayPort = 65536 } }, "GatewayPort", "1 to 65535" },
        { new SiloSettings { Cluster = { AdvertisedSiloPort = -1 } }, "AdvertisedSiloPort", "1 to 65535" },
        { new SiloSettings { Cluster = { AdvertisedGatewayPort = 70000 } }, "AdvertisedGatewayPort", "1 to 65535" },
        // The third silo of this process would listen on 65536.
        { new SiloSettings { Cluster = { Silos = 3, SiloPort = 65534 } }, "SiloPort", "1 to 65533" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_port_that_is_none_is_named_by_its_key(SiloSettings settings, string key, string range)
    {
        var problem = Assert.Single(settings.Validate());
        Assert.StartsWith($"Kappa:Cluster:{key} is ", problem, StringComparison.Ordinal);
        Assert.Contains(range, problem, StringComparison.Ordinal);
    }
}
