namespace Kappa.Web.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The dashboard page {Path} failed")]
    public static partial void PageFailed(ILogger logger, Exception cause, string path);
}
