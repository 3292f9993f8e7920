using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>
/// Rules for <c>infra/bicep</c> that no compiler knows: who may do what, no keys anywhere, and that what is deployed fits the
/// host and its capture files.
/// </summary>
public sealed class InfrastructureTests
{
    [Fact]
    public void Nothing_reads_a_key_or_holds_a_secret() => SourceTree.MustBeNone(
        SourceTree.InText(SourceTree.Bicep.Concat(SourceTree.BicepParameters),
            @"(?i)\blist(Keys|ConnectionStrings|AccountSas|ServiceSas|Credentials)\b|AccountKey=|SharedAccess(Key|Signature)|AccessKey=|\bsharedKey:|primary(Key|ConnectionString)|secretRef|passwordSecretRef|\bsecrets:|@secure"),
        "Everything here identifies itself by its managed identity; there is no key to read or hide.");

    [Fact]
    public void The_only_connection_strings_are_one_without_a_key_and_that_of_telemetry() => Assert.Equal(
        [
            "environment: appInsightsConfiguration: { connectionString: insights.properties.ConnectionString }",
            "web: Azure__SignalR__ConnectionString: 'Endpoint=https://${signalRHost};AuthType=azure.msi;ClientId=${identity.clientId};Version=1.0;'",
        ],
        from file in SourceTree.Bicep
        from line in file.Lines
        where line.Contains("ConnectionString", StringComparison.OrdinalIgnoreCase)
        select $"{file.Name}: {line.Trim()}");

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess: false", "allowBlobPublicAccess: false", "minimumTlsVersion: 'TLS1_2'", "supportsHttpsTrafficOnly: true", "defaultAction: 'Deny'")]
    [InlineData("Microsoft.EventHub/namespaces", "disableLocalAuth: true", "minimumTlsVersion: '1.2'", "defaultAction: 'Deny'")]
    [InlineData("Microsoft.SignalRService/signalR", "disableLocalAuth: true", "disableAadAuth: false", "value: 'Default'")]
    [InlineData("Microsoft.OperationalInsights/workspaces", "disableLocalAuth: true")]
    [InlineData("Microsoft.ContainerRegistry/registries", "adminUserEnabled: false", "anonymousPullEnabled: false")]
    [InlineData("Microsoft.App/managedEnvironments", "internal: true", "publicNetworkAccess: 'Disabled'", "destination: 'azure-monitor'")]
    // The one exception: the agent of Container Apps that sends telemetry cannot use an identity.
    [InlineData("Microsoft.Insights/components", "DisableLocalAuth: false")]
    public void Every_resource_of_a_kind_is_closed(string type, params string[] settings)
    {
        var resources = BicepText.Resources.Where(resource => resource.Type == type).ToArray();
        Assert.NotEmpty(resources);
        SourceTree.MustBeNone(
            from resource in resources
            from setting in settings
            where !resource.Text.Contains(setting, StringComparison.Ordinal)
            select $"{resource.File.Path}: {type} lacks {setting}",
            "No keys, no public data, no old TLS, no open network.");
    }

    [Fact]
    public void Only_known_kinds_of_resources_are_there_so_that_a_new_one_is_thought_through() => Assert.Equal(
        [
            "Microsoft.App/containerApps", "Microsoft.App/managedEnvironments", "Microsoft.Authorization/roleAssignments",
            "Microsoft.ContainerRegistry/registries", "Microsoft.EventHub/namespaces", "Microsoft.Insights/components",
            "Microsoft.Insights/diagnosticSettings", "Microsoft.ManagedIdentity/userAssignedIdentities", "Microsoft.Network/privateDnsZones",
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "Microsoft.Network/privateEndpoints", "Microsoft.Network/virtualNetworks",
            "Microsoft.OperationalInsights/workspaces", "Microsoft.SignalRService/signalR", "Microsoft.Storage/storageAccounts",
        ],
        BicepText.Resources.Select(resource => resource.Type).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Outputs_name_no_secrets() => SourceTree.MustBeNone(
        SourceTree.InText(SourceTree.Bicep, @"(?im)^output [^\n]*(key|secret|password|token|sas\b|connectionString)"),
        "Outputs of a deployment are kept in its history, in plain text.");

    [Fact]
    public void Parameter_files_name_declared_parameters_and_all_that_have_no_default() => SourceTree.MustBeNone(
        from file in SourceTree.BicepParameters
        let assigned = BicepText.AssignedParameters(file)
        from problem in assigned.Except(BicepText.DeclaredParameters(withoutDefault: false)).Select(name => $"names {name}, which main.bicep does not declare")
            .Concat(BicepText.DeclaredParameters(withoutDefault: true).Except(assigned).Select(name => $"lacks {name}"))
        select $"{file.Path} {problem}",
        "A parameter file fits main.bicep.");

    [Fact]
    public void Every_module_is_used() => SourceTree.MustBeNone(
        from module in SourceTree.Bicep
        where module.Path.Contains("/modules/", StringComparison.Ordinal)
            && !SourceTree.Bicep.Any(file => Regex.IsMatch(file.Text, $"module \\w+ '(modules/)?{module.Name}\\.bicep'"))
        select module.Path,
        "A module that nothing calls is not deployed.");
}
