package service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service. */
@SpringBootApplication
public class ServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(ServiceApplication.class, arguments);
    }
}
