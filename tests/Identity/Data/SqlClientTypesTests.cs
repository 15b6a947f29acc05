using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;

namespace Telemedicine.Identity.Tests.Data;

/// <summary>
/// No SQL Server runs on a build machine, so nothing else would notice that SqlClient cannot load Microsoft.SqlServer.Server until the
/// first parameterised query in production. Compiling the methods that name its types needs no server.
/// </summary>
public sealed class SqlClientTypesTests
{
    [Theory]
    [InlineData("Microsoft.Data.SqlClient.TdsParser", "TDSExecuteRPCAddParameter")]
    [InlineData("Microsoft.Data.SqlClient.SqlBulkCopy", "ConvertValue")]
    [InlineData("Microsoft.Data.SqlClient.SqlConnection", "GetBytes")]
    public void SqlClient_can_compile_the_methods_that_name_user_defined_types(string typeName, string methodName)
    {
        var type = typeof(SqlConnection).Assembly.GetType(typeName, throwOnError: true);
        Assert.NotNull(type);
        var methods = type
            .GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.Name == methodName)
            .ToArray();

        Assert.NotEmpty(methods);
        foreach (var method in methods)
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    [Fact]
    public void The_assembly_has_the_version_and_key_that_SqlClient_asks_for()
    {
        var asked = Assert.Single(
            typeof(SqlConnection).Assembly.GetReferencedAssemblies(), name => name.Name == "Microsoft.SqlServer.Server");

        var found = Assembly.Load(asked).GetName();

        Assert.Equal(asked.Version, found.Version);
        Assert.Equal(asked.GetPublicKeyToken(), found.GetPublicKeyToken());
    }
}
