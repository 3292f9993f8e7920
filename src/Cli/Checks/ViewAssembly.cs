using System.Reflection;
using System.Runtime.Loader;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Cli.Checks;

/// <summary>
/// Finds the views in an assembly: every public class that derives from <see cref="View"/> and has a public constructor
/// without parameters, and the one public static method or property that returns <see cref="EventTypes"/>.
/// </summary>
internal sealed class ViewAssembly : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    private ViewAssembly(string path) => _resolver = new AssemblyDependencyResolver(path);

    /// <exception cref="CliException">It cannot be loaded, or does not follow the convention; the message says what is missing.</exception>
    public static ViewSource Load(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new CliException(ExitCode.Usage, $"there is no assembly {path}.");
        try
        {
            var exported = new ViewAssembly(path).LoadFromAssemblyPath(path).GetExportedTypes();
            var views = Views(path, exported);
            return new ViewSource(EventTypesIn(path, exported), views);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or TargetInvocationException)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new CliException(ExitCode.Usage, $"{path} cannot be used: {cause.Message}", e);
        }
    }

    /// <summary>The core is shared with this program, or its types would be others; all else comes from beside the assembly.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == typeof(View).Assembly.GetName().Name || assemblyName.Name == typeof(ShippedViews).Assembly.GetName().Name
            ? null
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    private static Func<IReadOnlyList<View>> Views(string path, Type[] exported)
    {
        var views = exported.Where(type => type.IsSubclassOf(typeof(View)) && !type.IsAbstract && type.GetConstructor([]) is not null).ToArray();
        return views.Length > 0
            ? () => [.. views.Select(type => (View)Activator.CreateInstance(type)!)]
            : throw new CliException(ExitCode.Usage, $"{path} has no public view with a public constructor without parameters.");
    }

    private static EventTypes EventTypesIn(string path, Type[] exported)
    {
        const BindingFlags flags = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var providers = exported.SelectMany(type => type.GetMethods(flags))
            .Where(method => method.ReturnType == typeof(EventTypes) && method.GetParameters().Length == 0).ToArray();
        return providers is [var only]
            ? (EventTypes?)only.Invoke(null, null) ?? throw new CliException(ExitCode.Usage, $"{Name(only)} in {path} returns null.")
            : throw new CliException(ExitCode.Usage, $"{path} must have one public static method or property that returns EventTypes; it has "
                + (providers.Length == 0 ? "none." : string.Join(", ", providers.Select(Name)) + "."));

        static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
    }
}
