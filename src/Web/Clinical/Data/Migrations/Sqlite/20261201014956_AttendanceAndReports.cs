using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AttendanceAndReports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Appointments_PracticeId",
                table: "Appointments");

            migrationBuilder.AddColumn<DateTime>(
                name: "ArrivedAt",
                table: "Encounters",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NotHeld",
                table: "Appointments",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ReplacesId",
                table: "Appointments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AttendanceDisputes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PatientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    RaisedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Decision = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    DecidedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AttendanceDisputes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AttendanceDisputes_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AttendanceDisputes_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AttendanceDisputes_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ClinicSightings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ScheduleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    From = table.Column<DateTime>(type: "TEXT", nullable: false),
                    To = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClinicSightings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ClinicSightings_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ClinicSightings_Schedules_ScheduleId",
                        column: x => x.ScheduleId,
                        principalTable: "Schedules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ReceivedEvents_ClinicId_Role_At",
                table: "ReceivedEvents",
                columns: new[] { "ClinicId", "Role", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Appointments_PracticeId_Start",
                table: "Appointments",
                columns: new[] { "PracticeId", "Start" });

            migrationBuilder.CreateIndex(
                name: "IX_Appointments_ReplacesId",
                table: "Appointments",
                column: "ReplacesId",
                filter: "[ReplacesId] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AttendanceDisputes_AppointmentId",
                table: "AttendanceDisputes",
                column: "AppointmentId",
                unique: true,
                filter: "[Decision] IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AttendanceDisputes_PatientId",
                table: "AttendanceDisputes",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_AttendanceDisputes_PracticeId_Decision_RaisedAt",
                table: "AttendanceDisputes",
                columns: new[] { "PracticeId", "Decision", "RaisedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ClinicSightings_PracticeId",
                table: "ClinicSightings",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_ClinicSightings_ScheduleId_To",
                table: "ClinicSightings",
                columns: new[] { "ScheduleId", "To" });

            migrationBuilder.AddForeignKey(
                name: "FK_Appointments_Appointments_ReplacesId",
                table: "Appointments",
                column: "ReplacesId",
                principalTable: "Appointments",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Appointments_Appointments_ReplacesId",
                table: "Appointments");

            migrationBuilder.DropTable(
                name: "AttendanceDisputes");

            migrationBuilder.DropTable(
                name: "ClinicSightings");

            migrationBuilder.DropIndex(
                name: "IX_ReceivedEvents_ClinicId_Role_At",
                table: "ReceivedEvents");

            migrationBuilder.DropIndex(
                name: "IX_Appointments_PracticeId_Start",
                table: "Appointments");

            migrationBuilder.DropIndex(
                name: "IX_Appointments_ReplacesId",
                table: "Appointments");

            migrationBuilder.DropColumn(
                name: "ArrivedAt",
                table: "Encounters");

            migrationBuilder.DropColumn(
                name: "NotHeld",
                table: "Appointments");

            migrationBuilder.DropColumn(
                name: "ReplacesId",
                table: "Appointments");

            migrationBuilder.CreateIndex(
                name: "IX_Appointments_PracticeId",
                table: "Appointments",
                column: "PracticeId");
        }
    }
}
