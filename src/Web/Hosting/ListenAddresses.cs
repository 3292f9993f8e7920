using System.Net;

namespace Kappa.Web.Hosting;

/// <summary>
/// Where the host listens. Until there is access control, anybody who reaches a port may read and append, so ports
/// beyond this machine need an explicit word.
/// </summary>
internal static class ListenAddresses
{
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>All addresses that the server will be told to listen on, from whichever setting they come.</summary>
    public static IReadOnlyList<(string Setting, string Address)> Of(IConfiguration configuration)
    {
        var found = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => (endpoint.Path + ":Url", endpoint["Url"] ?? "")).ToList();
        if (configuration["urls"] is { Length: > 0 } urls)
            found.AddRange(Split(urls).Select(url => ("urls", url)));
        else
            foreach (var (name, scheme) in (ReadOnlySpan<(string, string)>)[("http_ports", "http"), ("https_ports", "https")])
                found.AddRange(Split(configuration[name] ?? "").Select(port => (name, $"{scheme}://*:{port}")));
        return found;
    }

    /// <exception cref="SetupException">An address lies beyond this machine, and nobody said that this is meant.</exception>
    public static void RefuseBeyondLoopback(IConfiguration configuration, KappaOptions options)
    {
        if (options.Unsecured)
            return;
        foreach (var (setting, address) in Of(configuration))
            if (!IsLoopback(address))
                throw new SetupException(
                    $"{setting} has the address {address}, which others can reach, but this host has no access control: anybody could read and append. "
                    + $"Listen on a loopback address such as {Default}, or, if something in front keeps others out, set Kappa:Unsecured to true.");
    }

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLoopback(string address)
    {
        BindingAddress parsed;
        try
        {
            parsed = BindingAddress.Parse(address);
        }
        catch (FormatException e)
        {
            throw new SetupException($"The address '{address}' cannot be read; write it as in {Default}.", e);
        }
        // The server takes any name but localhost for all addresses of the machine.
        return parsed.IsUnixPipe || parsed.IsNamedPipe || parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
