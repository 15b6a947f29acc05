using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

/// <summary>
/// Every method of every clinical service that takes an actor is called for people of one practice with the ids of another: whatever is added later is tried here
/// too. Nothing of the other practice may come back, and nothing of it may change.
/// </summary>
public sealed class EveryServiceIsolationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Roles => ["patient", "carer", "clinician", "staff", "administrator"];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task No_service_gives_or_changes_anything_of_another_practice(string role)
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var free = (await clinic.AddSlotsAsync(clinic.Now.AddHours(3)))[0];
        var own = await neighbour.AddPatientAsync("Mohammed", "Iqbal");
        var actor = role switch
        {
            "patient" => Actor.For(own),
            "carer" => await neighbour.AddCarerAsync(own, CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations),
            "clinician" => neighbour.Clinician,
            "administrator" => neighbour.Staff with { Role = ActorRole.Administrator },
            _ => neighbour.Staff,
        };
        var arguments = new Arguments(actor, new()
        {
            [typeof(PatientId)] = call.Patient.Id,
            [typeof(AppointmentId)] = call.Appointment.Id,
            [typeof(SlotId)] = free.Id,
            [typeof(ScheduleId)] = call.Appointment.ScheduleId,
            [typeof(HealthcareServiceId)] = clinic.Service.Id,
            [typeof(PractitionerId)] = clinic.Practitioner.Id,
            [typeof(PracticeId)] = clinic.Practice.Id,
            [typeof(DateOnly)] = free.Day,
            [typeof(DateTimeOffset)] = free.Start,
        });
        var before = await EverythingAsync(clinic);
        var tried = 0;

        foreach (var method in Methods())
        {
            var answer = await neighbour.AskAsync<IServiceProvider, string>(services => AnswerAsync(services.GetRequiredService(method.DeclaringType ?? typeof(object)), method, arguments));
            Assert.True(!answer.Contains("Margaret", StringComparison.Ordinal) && !answer.Contains("Hughes", StringComparison.Ordinal) && !answer.Contains(call.Appointment.Reference, StringComparison.Ordinal), $"{method.DeclaringType?.Name}.{method.Name}: {answer}");
            tried++;
        }

        Assert.True(tried >= 20, $"{tried} methods");
        Assert.Equal(before, await EverythingAsync(clinic));
    }

    private static IEnumerable<MethodInfo> Methods() =>
        from service in new ServiceCollection().AddClinical(new ConfigurationBuilder().AddInMemoryCollection([new("Database:Provider", "Sqlite"), new("ConnectionStrings:Clinical", "Data Source=unused.db")]).Build())
        where service.ServiceType.Assembly == typeof(ClinicalDbContext).Assembly && !service.ServiceType.IsAssignableTo(typeof(DbContext))
        from method in service.ServiceType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Actor)) && method.ReturnType.IsAssignableTo(typeof(Task))
        select method;

    /// <summary>What a method answers, in JSON; a refusal is an empty answer.</summary>
    private static async Task<string> AnswerAsync(object service, MethodInfo method, Arguments arguments)
    {
        try
        {
            var task = (Task?)method.Invoke(service, [.. method.GetParameters().Select(arguments.For)]);
            Assert.NotNull(task);
            await task;
            var result = task.GetType().GetProperty("Result")?.GetValue(task);
            return result is null ? "" : JsonSerializer.Serialize(result, result.GetType());
        }
        catch (Exception error) when (error is NotAllowedException or ArgumentException || error.InnerException is NotAllowedException or ArgumentException)
        {
            return "";
        }
    }

    /// <summary>Every row of the practice, in JSON.</summary>
    private static Task<string> EverythingAsync(TestClinic clinic) => clinic.ReadAsync(async db =>
    {
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var entity in db.Model.GetEntityTypes().Where(entity => entity.ClrType.IsAssignableTo(typeof(IPracticeOwned))))
        {
            var rows = (IQueryable<object>?)typeof(DbContext).GetMethod(nameof(DbContext.Set), 1, [])?.MakeGenericMethod(entity.ClrType).Invoke(db, []);
            Assert.NotNull(rows);
            tables[entity.ClrType.Name] = [.. (await rows.ToListAsync(Cancel)).Select(row => string.Join('|', entity.GetProperties().Select(property => Convert.ToString(property.PropertyInfo?.GetValue(row), null)))).Order(StringComparer.Ordinal)];
        }

        return JsonSerializer.Serialize(tables);
    });

    /// <summary>Makes an argument of any type out of the other practice's ids.</summary>
    private sealed class Arguments(Actor actor, Dictionary<Type, object> known)
    {
        public object? For(ParameterInfo parameter) => Of(parameter.ParameterType);

        private object? Of(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type == typeof(Actor))
                return actor;
            if (known.TryGetValue(type, out var id))
                return id;
            if (type == typeof(string))
                return "hughes";
            if (type == typeof(CancellationToken))
                return Cancel;
            if (type.IsEnum)
                return Enum.GetValues(type).GetValue(0);
            if (type == typeof(int))
                return 14;
            if (type == typeof(Guid))
                return known[typeof(AppointmentId)].GetType().GetProperty("Value")?.GetValue(known[typeof(AppointmentId)]);
            if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
                return Of(type.GetGenericArguments()[0]) is { } element && ListOf(type, element) is { } list ? list : null;
            if (type.IsArray)
                return type.GetElementType() is { } of && Of(of) is { } only ? ArrayOf(of, only) : null;
            if (type.IsValueType)
                return Activator.CreateInstance(type);
            var constructor = type.GetConstructors().OrderByDescending(found => found.GetParameters().Length).FirstOrDefault();
            var made = constructor is null ? null : constructor.Invoke([.. constructor.GetParameters().Select(For)]);
            if (made is null)
                return null;
            foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null && property.IsDefined(typeof(RequiredMemberAttribute)) && property.GetValue(made) is null))
                property.SetValue(made, Of(property.PropertyType));
            return made;
        }

        private static Array ArrayOf(Type type, object element)
        {
            var array = Array.CreateInstance(type, 1);
            array.SetValue(element, 0);
            return array;
        }

        private static object? ListOf(Type type, object element)
        {
            var array = ArrayOf(element.GetType(), element);
            return type.IsInstanceOfType(array) ? array : null;
        }
    }
}
