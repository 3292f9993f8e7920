using Kappa.Log;

namespace Kappa.Web.Http;

/// <summary>A cut as it is told to clients, who hand it back as <c>at</c>.</summary>
internal static class CutText
{
    /// <summary>As in <c>0:13,3:1043</c>; never empty, so that a client whose variable is empty is not taken for one that means the start of the log.</summary>
    public static string Of(Cut cut) => cut.ToString() is { Length: > 0 } text ? text : "0:0";
}
