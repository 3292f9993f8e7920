namespace Kappa.Web.Hosting;

/// <summary>One line for each message, and quiet by default; the section <c>Logging</c> overrides it as usual.</summary>
internal static class KappaLogging
{
    public static void AddKappaLogging(this WebApplicationBuilder builder)
    {
        // As the first source, so that every other one has the last word.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft"] = "Warning",
                // What keeps the host from starting is told once, in a sentence, by who starts it.
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
            },
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
    }
}
