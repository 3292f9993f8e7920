using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>Who may do what on Azure, as one list. A new right needs its line here, and so a thought.</summary>
public sealed class InfrastructureRolesTests
{
    private static readonly Dictionary<string, string> _names = new()
    {
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["2b629674-e913-4c01-ae53-ef4638d8f975"] = "Azure Event Hubs Data Sender",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde"] = "Azure Event Hubs Data Receiver",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["420fcaa2-552c-430f-98ca-3264be4806c7"] = "SignalR App Server",
    };

    [Fact]
    public void Only_web_sends_only_silos_receive_and_nobody_can_do_more_than_is_listed() => Assert.Equal(
        [
            "archive: Storage Blob Data Contributor of account::blobs::capture for capture",
            "archive: Storage Blob Data Reader of account::blobs::capture for silo",
            "log: Azure Event Hubs Data Receiver of space::hub for silo",
            "log: Azure Event Hubs Data Sender of space::hub for web",
            "push: SignalR App Server of signalR for web",
            "registry: AcrPull of registry for silo, web",
            "state: Storage Blob Data Contributor of account::blobs::checkpoints for silo",
            "state: Storage Table Data Contributor of account for silo",
            "state: Storage Table Data Contributor of account::tables::membership for web",
        ],
        BicepText.Resources.Where(resource => resource.Type == "Microsoft.Authorization/roleAssignments").Select(Read).Order(StringComparer.Ordinal));

    [Fact]
    public void Roles_are_called_what_they_are() => SourceTree.MustBeNone(
        from file in SourceTree.Bicep
        from Match role in Regex.Matches(file.Text, @"roleDefinitions', '(?<id>[0-9a-f-]{36})'\)(?: // (?<name>[^\n]+))?")
        where _names.GetValueOrDefault(role.Groups["id"].Value) != role.Groups["name"].Value
        select $"{file.Path}: {role.Groups["id"].Value} is not {role.Groups["name"].Value}",
        "The comment beside a role's id says which role it is.");

    [Fact]
    public void Each_app_runs_as_its_own_identity()
    {
        Assert.Contains("identity: identities.outputs.silo\n", BicepText.Call("silo"), StringComparison.Ordinal);
        Assert.Contains("identity: identities.outputs.web\n", BicepText.Call("web"), StringComparison.Ordinal);
        Assert.Contains("captureIdentityId: identities.outputs.capture.id\n", BicepText.Call("log"), StringComparison.Ordinal);
    }

    private static string Read((SourceFile File, string Type, string Text) assignment)
    {
        var scope = Field("scope");
        var role = Regex.Match(assignment.File.Text, $@"var {Field("roleDefinitionId")} = [^\n]*'(?<id>[0-9a-f-]{{36}})'").Groups["id"].Value;
        return $"{assignment.File.Name}: {_names.GetValueOrDefault(role, role)} of {scope} for {Principals(Field("principalId"))}";

        string Field(string name) => Regex.Match(assignment.Text, $@"\b{name}: (?<value>[\w:]+)").Groups["value"].Value;

        // The parameter of the module leads to the call in main.bicep; "principal" is the item of a loop over `pullers`.
        string Principals(string parameter)
        {
            var call = BicepText.Call(assignment.File.Name);
            var value = Regex.Match(call, $@"\b{(parameter == "principal" ? "pullers" : parameter)}: (?<value>[^\n]+)").Groups["value"].Value;
            return string.Join(", ", from Match match in Regex.Matches(value, @"identities\.outputs\.(\w+)\.principalId") select match.Groups[1].Value);
        }
    }
}
